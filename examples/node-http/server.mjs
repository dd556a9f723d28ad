// Start: portctl run web -- node server.mjs
// Reach: curl "http://127.0.0.1:$(portctl lookup web)/"
import { createServer } from "node:http";

const server = createServer((request, response) => {
  response.setHeader("Content-Type", "text/plain; charset=utf-8");
  response.end(`Hello from Node.js ${process.version}\n`);
});

server.listen(Number(process.env.PORT), "127.0.0.1", () => {
  const { address, port } = server.address();
  console.log(`listening on http://${address}:${port}/`);
});
