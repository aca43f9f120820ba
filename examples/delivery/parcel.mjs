/**
 * Sends parcels for the messages of a queue. What cannot be sent is told by its message alone: the rest of the batch is done,
 * and only that one comes again, three times, before it goes to the dead-letter queue.
 */
export const handler = async ({ Records }) => {
  const failed = Records.filter((record) => !send(record));
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
};

function send({ body, attributes }) {
  const parcel = parse(body);
  if (typeof parcel?.address !== 'string') {
    console.warn(`no address, receive ${attributes.ApproximateReceiveCount}: ${body}`);
    return false;
  }
  console.log(`sent ${parcel.sku} to ${parcel.address}`);
  return true;
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    console.warn(`not JSON: ${error.message}`);
    return undefined;
  }
}
