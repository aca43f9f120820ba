// Bare Express with the same answer, for scale: no event, no process behind it. Prints its URL.
import express from 'express';

const app = express();
app.get('/hello', (_request, response) => response.status(200).json({ hello: 'world' }));
const server = app.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${String(server.address().port)}`));
