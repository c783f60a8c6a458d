/** The service without its consumers as a process of its own, for tests that kill it. */
import { applicationOn, configFor } from './order-application.js';

const [databaseUrl = ''] = process.argv.slice(2);
const app = await applicationOn(configFor(databaseUrl));
await app.listen(0, '127.0.0.1');
console.log(await app.getUrl());
