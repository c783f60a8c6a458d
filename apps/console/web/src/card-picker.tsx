import type { ReactNode } from 'react';
import { TEST_CARDS } from './words';

export interface CardPickerProps {
  readonly card: string;
  readonly onPick: (card: string) => void;
  readonly disabled: boolean;
}

/**
 * Cards in words: what each one does is what a reader of this shop wants to try. Nothing is
 * disabled in the browser's sense, in which the card that has the focus would lose it.
 */
export function CardPicker({ card, onPick, disabled }: CardPickerProps): ReactNode {
  return (
    <fieldset className="cards" aria-disabled={disabled}>
      <legend>Test card</legend>
      {TEST_CARDS.map(({ id, name, hint }) => (
        <label key={id}>
          <input
            type="radio"
            name="card"
            value={id}
            aria-label={name}
            aria-describedby={`hint-${id}`}
            checked={card === id}
            onChange={() => !disabled && onPick(id)}
          />
          <span>{name}</span>
          <small id={`hint-${id}`}>{hint}</small>
        </label>
      ))}
    </fieldset>
  );
}
