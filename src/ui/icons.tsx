// The icons of every page, by name. They are drawn in icons.svg, which the build puts into each page. Called by screens, chips
// and the board.
export type IconName =
  | 'card'
  | 'dots'
  | 'tick'
  | 'again'
  | 'hand'
  | 'no-entry'
  | 'question'
  | 'plug'
  | 'cloud-off'
  | 'warning'
  | 'eye'
  | 'keypad'
  | 'barrier'
  | 'guard'
  | 'globe'
  | 'windows'
  | 'erase'
  | 'more'
  | 'undo'
  | 'phone'
  | 'mask'
  | 'spot'
  | 'metre'
  | 'nurse'
  | 'back';

/** One icon, sized by CSS (`.icon`). Decorative: the word beside it says the same. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" aria-hidden="true" data-icon={name}>
      <use href={`#icon-${name}`} />
    </svg>
  );
}
