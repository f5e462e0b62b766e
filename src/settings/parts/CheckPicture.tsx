// Pictures of the checks on a thermometer: a person before it, a cup before it, a reference before it. Rendered by InstrumentPanel.

export type Pictured = 'person' | 'reference' | 'target-1' | 'target-2';

/** Says nothing to a screen reader: the sentence beside it says the same. */
export function CheckPicture({ what }: { what: Pictured }) {
  return (
    <svg
      class="check-picture"
      viewBox="0 0 240 120"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      stroke-width="5"
    >
      <rect x="8" y="42" width="52" height="36" rx="6" />
      <circle cx="60" cy="60" r="9" />
      <path d="M76 60h64" stroke-dasharray="6 8" />
      {what === 'person' ? <Person /> : what === 'reference' ? <Reference /> : <Cup isHot={what === 'target-2'} />}
    </svg>
  );
}

function Person() {
  return (
    <>
      <circle cx="184" cy="44" r="26" />
      <path d="M146 116c2-28 16-40 38-40s36 12 38 40" />
      <path d="M206 86l-18-14" stroke-width="8" />
    </>
  );
}

function Reference() {
  return (
    <>
      <rect x="152" y="30" width="60" height="60" />
      <circle cx="182" cy="60" r="14" fill="currentColor" />
    </>
  );
}

function Cup({ isHot }: { isHot: boolean }) {
  return (
    <>
      <path d="M152 52h56l-6 58h-44zM208 62h14v22h-17" />
      <path d="M156 70h48" />
      <path
        d={isHot ? 'M166 42c-6-10 6-14 0-24M180 42c-6-10 6-14 0-24M194 42c-6-10 6-14 0-24' : 'M180 42c-6-10 6-14 0-24'}
      />
    </>
  );
}
