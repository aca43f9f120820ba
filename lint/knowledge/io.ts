/** Calls that leave the process and can fail for reasons that are not the code's: by origin path of the callee. */

/** Promise-returning I/O that rejects when the other side fails. */
const javascriptIo: readonly RegExp[] = [
  /^(global|undici|node-fetch|cross-fetch|node-fetch-native)\.fetch$/,
  /^(node-fetch|cross-fetch|isomorphic-fetch|isomorphic-unfetch|node-fetch-native)$/,
  /^undici\.request$/,
  /^axios(\.create\(\))?(\.(get|delete|head|options|post|put|patch|request|postForm))?$/,
  /^(got|ky|request-promise|request-promise-native)(\.(extend|create)\(\))?(\.(get|post|put|patch|head|delete))?$/,
  /^@aws-sdk\/client-[\w-]+\.\w+\(\)\.(?!destroy$|config$|middlewareStack$)\w+$/,
  /^@aws-sdk\/lib-(dynamodb|storage)\..+\.(send|get|put|update|delete|query|scan|batchGet|batchWrite|transactWrite|transactGet|done)$/,
  /^@aws-sdk\/s3-(request-presigner\.getSignedUrl|presigned-post\.createPresignedPost)$/,
  /^aws-sdk[./].*\(\)\.promise$/,
  /^pg\.(Pool|Client)\(\)\.(query|connect|connect\(\)\.query)$/,
  /^mysql2\/promise\.create(Connection|Pool)(\(\)\.(query|execute|getConnection|getConnection\(\)\.(query|execute)))?$/,
  /^(ioredis(\.Redis)?|redis\.createClient|@redis\/client\.createClient)\(\)\.(?!on$|once$|quit$|disconnect$)\w+$/,
  /^mongodb\.MongoClient(\(\))?\.connect$/,
  /^mongodb\..+\.(findOne|insertOne|insertMany|updateOne|updateMany|deleteOne|deleteMany|replaceOne|countDocuments|toArray|bulkWrite|findOneAndUpdate|findOneAndDelete)$/,
  /^mongoose\.(connect|model\(\)\.(findOne|findById|create|updateOne|deleteOne|find|findByIdAndUpdate|findOneAndUpdate))$/,
  /^@prisma\/client\.PrismaClient\(\)\.(\w+\.)?(find\w+|create\w*|update\w*|upsert|delete\w*|count|aggregate|groupBy|\$transaction|\$queryRaw\w*|\$executeRaw\w*)$/,
  /^stripe(\.Stripe)?\(\)(\.\w+)+$/,
  /^nodemailer\.createTransport\(\)\.sendMail$/,
  /^(openai|@anthropic-ai\/sdk)(\.\w+)?\(\)(\.\w+)+\.(create|parse)$/,
  /^fs\/promises\.(readFile|writeFile|appendFile|mkdir|readdir|copyFile|rename|open)$/,
];

/** Promise APIs besides I/O whose result must not be dropped. */
const javascriptPromises: readonly RegExp[] = [
  /^fs\/promises\.\w+$/,
  /^timers\/promises\.set(Timeout|Immediate)$/,
  /^global\.Promise\.(all|allSettled|race|any|reject)$/,
  /^stream\/promises\.\w+$/,
];

/** True for a call of known, promise-returning I/O. */
export function isJavaScriptIo(path: string): boolean {
  return path !== '' && javascriptIo.some((pattern) => pattern.test(path));
}

/** Modules of the project whose name says that they reach a dependency: `./store/products.getProduct`. */
const ownIo =
  /^(\.|@\/|~\/|src\/).*(^|[./_-])\w*(db|dynamo|dynamodb|store|storage|repository|repo|dao|clients?|gateway|services?|queue|cache|table|database|models?)(?=[./()_-])/i;

/**
 * As `isJavaScriptIo`, and also awaited calls into the project's own stores and clients: whether those catch their
 * failures is not visible, but few do. Only for rules about failures that escape.
 */
export function isLikelyIo(path: string): boolean {
  return isJavaScriptIo(path) || ownIo.test(path);
}

/** True for a call that returns a promise: I/O and the platform's own promise APIs. */
export function returnsPromise(path: string): boolean {
  return isJavaScriptIo(path) || javascriptPromises.some((pattern) => pattern.test(path));
}

/** Releasing something on the way out: failing here is nobody's business, so silence is right. */
export const cleanupName =
  /^(close|end|quit|disconnect|destroy|dispose|release|unlink|unlinkSync|rm|rmSync|rmdir|remove|removeAllListeners|kill|terminate|abort|cancel|cleanup|clean_up|shutdown|stop|rollback|unsubscribe|flush|rmtree|teardown|unlock|delete_stack|join)$/i;

export { isPythonIo } from './python-io.js';
