// The product, but that each send is a Prisma transaction of its own: what group commit is measured against. It writes
// the same rows, checks the same things and is served by the same HTTP.
import '../prisma-send.ts';
import './product.ts';
