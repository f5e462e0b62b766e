// The icons of every page as inline SVG: shapes that differ without colour. Called by screens, chips and the board.
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
  | 'back';

/** Drawn in a box of 64 × 64 as strokes that each begin with M (CSS moves the dots one by one), 5 wide unless said. */
const shapes: Record<IconName, string | readonly [path: string, width: number]> = {
  card: 'M12 14h40a6 6 0 0 1 6 6v24a6 6 0 0 1-6 6H12a6 6 0 0 1-6-6V20a6 6 0 0 1 6-6zM6 26h52M14 40h12',
  dots: ['M12 32v.1M32 32v.1M52 32v.1', 14],
  tick: ['M9 34l16 16 30-34', 9],
  again: ['M52 32a20 20 0 1 1-6-14.3M48 6v13H35', 6],
  hand: 'M19 34V17a4 4 0 0 1 8 0v12-17a4 4 0 0 1 8 0v17-14a4 4 0 0 1 8 0v16-9a4 4 0 0 1 8 0v17c0 11-7 19-17 19-8 0-12-3-16-10l-8-13a4 4 0 0 1 7-4z',
  'no-entry': [`${circle(25)}M18 32h28`, 7],
  question: ['M20 22a12 12 0 1 1 17 11c-4 2-5 4-5 9M32 54v.1', 7],
  plug: 'M24 6v12M40 6v12M16 18h32v8a16 16 0 0 1-32 0zM32 42v16M8 8l48 48',
  'cloud-off': 'M18 48h28a11 11 0 0 0 1-22 16 16 0 0 0-30-3 13 13 0 0 0 1 25zM10 8l44 48',
  warning: 'M32 8l26 46H6zM32 26v12M32 46v.1',
  eye: `M4 32c8-14 18-18 28-18s20 4 28 18c-8 14-18 18-28 18S12 46 4 32z${circle(8)}`,
  keypad: 'M22 38V12a6 6 0 0 1 12 0v26a10 10 0 1 1-12 0zM28 46V24M44 14h10M44 24h10M44 34h10',
  barrier: 'M12 56V30h10v26M6 56h24M22 30L58 12M34 24l2 6M44 19l2 6',
  guard: 'M32 11a11 11 0 1 0 .1 0M10 56c2-13 11-18 22-18s20 5 22 18M18 16l14-9 14 9',
  globe: `${circle(25)}M7 32h50M32 7c9 8 9 42 0 50M32 7c-9 8-9 42 0 50`,
  windows:
    'M10 16h28a4 4 0 0 1 4 4v22a4 4 0 0 1-4 4H10a4 4 0 0 1-4-4V20a4 4 0 0 1 4-4zM20 16v-4a4 4 0 0 1 4-4h30a4 4 0 0 1 4 4v22a4 4 0 0 1-4 4H42M6 26h36',
  erase: 'M22 12h34v40H22L6 32zM32 24l14 16M46 24L32 40',
  back: ['M40 10L18 32l22 22', 7],
};

/** A circle around the middle. */
function circle(radius: number): string {
  return `M${32 - radius} 32a${radius} ${radius} 0 1 0 ${radius * 2} 0a${radius} ${radius} 0 1 0-${radius * 2} 0z`;
}

/** One icon, sized by CSS (`.icon`). Decorative: the word beside it says the same. */
export function Icon({ name }: { name: IconName }) {
  const shape = shapes[name];
  const [path, width] = typeof shape === 'string' ? [shape, 5] : shape;
  return (
    <svg class="icon" viewBox="0 0 64 64" aria-hidden="true" focusable="false" data-icon={name}>
      <g fill="none" stroke="currentColor" stroke-width={width} stroke-linecap="round" stroke-linejoin="round">
        {path.split(/(?=M)/).map((stroke) => (
          <path key={stroke} d={stroke} />
        ))}
      </g>
    </svg>
  );
}
