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
  /^@aws-sdk\/(client|lib)-[\w-]+\.(paginate|waitUntil)\w+$/,
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
  /^@google-cloud\/pubsub\..*\.(publish|publishMessage|publishJSON)$/,
  // Writes and reads of Firestore, behind a document, a collection or a batch.
  /^(firebase-admin(\/firestore)?|@google-cloud\/firestore)\b.*\.(doc|collection|batch|bulkWriter)\(\).*\.(set|update|delete|add|create|get|commit)$/,
  /^firebase-admin\b.*[mM]essaging\(\)\.(send\w*|subscribeToTopic)$/,
  /^@google-cloud\/tasks\..*\(\)\.createTask$/,
  /^@google-cloud\/storage\..*\.(save|upload|download|delete|copy|move|makePublic)$/,
  /^@google-cloud\/datastore\..*\(\)\.(save|insert|update|upsert|delete|get|runQuery)$/,
  /^kafkajs\.Kafka\(\)\.(consumer|producer|admin)\(\)\.(connect|run|subscribe|send|sendBatch)$/,
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

/** Packages whose promises compute, or wait for the code's own functions: nobody else can fail there. */
const computing =
  /^(global|crypto|zlib|util|path|os|url|events|stream|timers|async_hooks|worker_threads|perf_hooks|child_process|bcrypt(js)?|argon2|jsonwebtoken|joi|@hapi\/joi|yup|zod|ajv|superstruct|valibot|class-(validator|transformer)|uuid|nanoid|ulid|lodash|moment|dayjs|date-fns|xml2js|csv-parse\w*|csvtojson|papaparse|p-(map|limit|retry|queue|all|series)|async(-retry)?|bluebird|promise-retry|@middy\/[\w-]+|middy|@aws-lambda-powertools\/(logger|tracer|metrics|batch|idempotency|event-handler|parser|jmespath|validation|commons)|aws-lambda-multipart-parser|lambda-multipart-parser|parse-multipart\w*|busboy|formidable|serverless-http|serverless-express|@vendia\/serverless-express|@codegenie\/serverless-express|aws-serverless-(express|koa)|@fastify\/aws-lambda|@nestjs\/[\w-]+|next|react\S*|handlebars|ejs|pug|mustache|marked|markdown-it|pdfkit|pdf-lib|qrcode|sharp|jimp|exceljs|archiver|jszip|tslib|dotenv|debug|winston|pino|express|koa|fastify|hono|graphql|apollo-server\S*|@apollo\/server\S*|type-graphql|tsyringe|inversify)(?=[./(]|$)/;

/** Methods whose promise reads or shapes what has arrived, or releases it. */
const pure =
  /^(json|text|arrayBuffer|blob|bytes|formData|buffer|then|catch|finally|parse\w*|validate\w*|safeParse\w*|format\w*|render\w*|hash\w*|compare\w*|sign|encode\w*|sleep|delay|wait|setTimeout|next|init|use|inject|ready|promise|map|forEach|from|close|end|quit|disconnect|release|destroy|transformTo\w*|toString|toArray|read|flush|publishStoredMetrics|addContext)$/;

/** True for an awaited call into a package that is not known only to compute: it leaves the process for all one can tell. */
export function isForeignWork(path: string): boolean {
  if (/^(\.|@\/|~|src\/|global\.)/.test(path) || computing.test(path)) return false;
  return !isPureName(path.split('.').at(-1)?.replace(/\(\)$/, '') ?? '');
}

export function isPureName(name: string): boolean {
  return pure.test(name);
}

/** Names that say that a value reaches a dependency. */
const clientName =
  /^(db|pool|conn|connection|knex|prisma|mongo|redis|dynamo\w*|ddb\w*|s3|sqs|sns|ses|page|browser|transporter|firestore|stripe)$|(client|Client|Service|Repository|Repo|Store|Dao|Model|Collection|Gateway|Db|DB)$/;

export function isClientName(name: string): boolean {
  return clientName.test(name);
}

/** True for a call that returns a promise: I/O and the platform's own promise APIs. */
export function returnsPromise(path: string): boolean {
  return isJavaScriptIo(path) || javascriptPromises.some((pattern) => pattern.test(path));
}

/** Releasing something on the way out: failing here is nobody's business, so silence is right. */
export const cleanupName =
  /^(close|end|quit|disconnect|destroy|dispose|release|unlink|unlinkSync|rm|rmSync|rmdir|remove|removeAllListeners|kill|terminate|abort|cancel|cleanup|clean_up|shutdown|stop|rollback|unsubscribe|flush|rmtree|teardown|unlock|delete_stack|join)$/i;

export { isPythonIo } from './python-io.js';
