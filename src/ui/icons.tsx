// The icons of every page as inline SVG: shapes that differ without colour. Called by screens, chips and the board.
import type { ComponentChildren } from 'preact';

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

const line = {
  fill: 'none',
  stroke: 'currentColor',
  'stroke-width': 5,
  'stroke-linecap': 'round',
  'stroke-linejoin': 'round',
} as const;

/** Drawn in a box of 64 × 64. */
const shapes: Record<IconName, ComponentChildren> = {
  card: (
    <g {...line}>
      <rect x="6" y="14" width="52" height="36" rx="6" />
      <path d="M6 26h52M14 40h12" />
    </g>
  ),
  dots: (
    <g fill="currentColor" class="dots">
      <circle cx="12" cy="32" r="7" />
      <circle cx="32" cy="32" r="7" />
      <circle cx="52" cy="32" r="7" />
    </g>
  ),
  tick: <path {...line} stroke-width="9" d="M9 34l16 16 30-34" />,
  again: (
    <g {...line} stroke-width="6">
      <path d="M52 32a20 20 0 1 1-6-14.3" />
      <path d="M48 6v13H35" />
    </g>
  ),
  hand: (
    <path
      {...line}
      d="M19 34V17a4 4 0 0 1 8 0v12-17a4 4 0 0 1 8 0v17-14a4 4 0 0 1 8 0v16-9a4 4 0 0 1 8 0v17c0 11-7 19-17 19-8 0-12-3-16-10l-8-13a4 4 0 0 1 7-4z"
    />
  ),
  'no-entry': (
    <g {...line} stroke-width="7">
      <circle cx="32" cy="32" r="25" />
      <path d="M18 32h28" />
    </g>
  ),
  question: (
    <g {...line} stroke-width="7">
      <path d="M20 22a12 12 0 1 1 17 11c-4 2-5 4-5 9" />
      <path d="M32 54v.1" />
    </g>
  ),
  plug: (
    <g {...line}>
      <path d="M24 6v12M40 6v12M16 18h32v8a16 16 0 0 1-32 0zM32 42v16" />
      <path d="M8 8l48 48" />
    </g>
  ),
  'cloud-off': (
    <g {...line}>
      <path d="M18 48h28a11 11 0 0 0 1-22 16 16 0 0 0-30-3 13 13 0 0 0 1 25z" />
      <path d="M10 8l44 48" />
    </g>
  ),
  warning: (
    <g {...line}>
      <path d="M32 8l26 46H6z" />
      <path d="M32 26v12M32 46v.1" />
    </g>
  ),
  eye: (
    <g {...line}>
      <path d="M4 32c8-14 18-18 28-18s20 4 28 18c-8 14-18 18-28 18S12 46 4 32z" />
      <circle cx="32" cy="32" r="8" />
    </g>
  ),
  keypad: (
    <g {...line}>
      <path d="M22 38V12a6 6 0 0 1 12 0v26a10 10 0 1 1-12 0z" />
      <path d="M28 46V24M44 14h10M44 24h10M44 34h10" />
    </g>
  ),
  barrier: (
    <g {...line}>
      <path d="M12 56V30h10v26M6 56h24M22 30L58 12M34 24l2 6M44 19l2 6" />
    </g>
  ),
  guard: (
    <g {...line}>
      <circle cx="32" cy="22" r="11" />
      <path d="M10 56c2-13 11-18 22-18s20 5 22 18M18 16l14-9 14 9" />
    </g>
  ),
  globe: (
    <g {...line}>
      <circle cx="32" cy="32" r="25" />
      <path d="M7 32h50M32 7c9 8 9 42 0 50M32 7c-9 8-9 42 0 50" />
    </g>
  ),
  windows: (
    <g {...line}>
      <rect x="6" y="16" width="36" height="30" rx="4" />
      <path d="M20 16v-4a4 4 0 0 1 4-4h30a4 4 0 0 1 4 4v22a4 4 0 0 1-4 4H42M6 26h36" />
    </g>
  ),
  erase: (
    <g {...line}>
      <path d="M22 12h34v40H22L6 32zM32 24l14 16M46 24L32 40" />
    </g>
  ),
  back: <path {...line} stroke-width="7" d="M40 10L18 32l22 22" />,
};

/** One icon, sized by CSS (`.icon`). Decorative: the word beside it says the same. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 64 64" aria-hidden="true" focusable="false" data-icon={name}>
      {shapes[name]}
    </svg>
  );
}
