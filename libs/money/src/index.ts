export {
  add,
  includedTax,
  MAX_MINOR_UNITS,
  minorUnits,
  money,
  moneySchema,
  subtract,
  times,
  type Money,
} from './money.js';
