/**
 * When this command is to end: a signal, or the end of the process that started it.
 *
 * npm hands a signal to the shell that it starts a script with, and many shells end without handing
 * it on. Whoever was started that way learns of it only by having another parent.
 */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const LOOK_EVERY_MS = 200;

/**
 * @param {(signal: NodeJS.Signals) => void} tell called once for each signal, and once with SIGTERM
 *   when the parent is gone
 * @returns {() => void} stops listening
 */
export function onEnd(tell) {
  const parent = process.ppid;
  const listeners = SIGNALS.map((signal) => [signal, () => tell(signal)]);
  for (const [signal, listener] of listeners) process.on(signal, listener);
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    tell('SIGTERM');
  }, LOOK_EVERY_MS);
  return () => {
    clearInterval(timer);
    for (const [signal, listener] of listeners) process.off(signal, listener);
  };
}
