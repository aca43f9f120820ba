// Load from a process of its own. usage: load.mjs URL CONNECTIONS SECONDS; prints one line of JSON.
import autocannon from 'autocannon';

const [url, connections, seconds] = process.argv.slice(2);
const result = await autocannon({ url, connections: Number(connections), duration: Number(seconds) });
const { p50, p99 } = result.latency;
const failed = result.non2xx + result.errors + result.timeouts;
// Totals over wall time: the mean of autocannon's own samples counts a slow first second as a whole one.
console.log(JSON.stringify({ rate: result.requests.total / result.duration, p50, p99, failed }));
