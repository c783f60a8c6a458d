export { ExactlyOnce, type StageOptions } from './exactly-once.js';
export { ExactlyOnceTransport, type TransportOptions } from './exactly-once-transport.js';
export { stagesOf, type Stage } from './stages.js';
