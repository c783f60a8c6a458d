import { describe, expect, it } from 'vitest';
import { commandLine } from './command-line.js';

describe('npm run bench -- latency', () => {
  it.each([
    ['1, 10 and 50 orders a second, when nothing is said', [], [1, 10, 50]],
    ['the rates that are said', ['--rates', '2,20'], [2, 20]],
    ['the one rate that is said', ['--rate', '5'], [5]],
  ])('measures %s', (_what, said, rates) => {
    const line = commandLine(['latency', ...said]);
    expect(line.command).toBe('latency');
    expect(line.rates()).toEqual(rates);
  });

  it.each(['0', '-1', '1.5', '10,', 'many'])('refuses %s orders a second', (rates) => {
    const line = commandLine(['latency', `--rates=${rates}`]);
    expect(() => line.rates()).toThrow(/^--rates .*: expected a whole number above 0$/);
  });

  it('lasts as long as is said, and a minute else', () => {
    expect(commandLine(['latency', '--seconds', '5']).number('seconds', '60')).toBe(5);
    expect(commandLine(['latency']).number('seconds', '60')).toBe(60);
  });
});
