-- CreateTable
CREATE TABLE "GoneBytes" (
    "id" TEXT NOT NULL,

    CONSTRAINT "GoneBytes_pkey" PRIMARY KEY ("id")
);

-- However a row goes: alone, or with its message, its conversation or its account.
CREATE FUNCTION remember_gone_bytes() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "GoneBytes" (id) VALUES (coalesce(OLD."bytesId", OLD.id)) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER "Attachment_gone" AFTER DELETE ON "Attachment"
FOR EACH ROW EXECUTE FUNCTION remember_gone_bytes();
