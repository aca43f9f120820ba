export const handler = async () => {
  await new Promise((resolve) => setTimeout(resolve, 200));
  return { statusCode: 200, body: 'waited' };
};
