// Imported first by whatever people start; plain enough for an old Node to read.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `J Star Chat needs Node 20.19 or newer (24 recommended), and this is Node ${process.versions.node}.`,
  );
  process.exit(1);
}
