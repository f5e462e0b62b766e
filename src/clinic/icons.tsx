// The board's few drawings, each with a shape of its own.

export function BellIcon(props: { crossed: boolean }) {
  return (
    <svg
      class="icon"
      viewBox="0 0 24 24"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linejoin="round"
    >
      <path d="M5 17h14l-2-3v-4a5 5 0 0 0-10 0v4zM10 20h4" />
      {props.crossed && <path d="M3 3l18 18" />}
    </svg>
  );
}
