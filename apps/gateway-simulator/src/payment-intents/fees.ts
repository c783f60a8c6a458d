/** The gateway keeps 1.4 % of a charge … */
const FEE_PERMILLE = 14;
/** … and 25 minor units (EUR 0.25). */
const FEE_FIXED_MINOR_UNITS = 25;

/** 1.4 % rounded half up, plus the fixed part; never more than the charge itself. */
export function feeOf(amountMinorUnits: number): number {
  const percentage = Math.floor((amountMinorUnits * FEE_PERMILLE + 500) / 1000);
  return Math.min(amountMinorUnits, percentage + FEE_FIXED_MINOR_UNITS);
}
