/** Two strokes of a pen that cross. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={className ?? "size-5"}>
      <path
        d="M4 6.5c4.2 1.3 7.6 5.4 10.6 10.4 2.7 4.6 6 8 13.4 8.6"
        fill="none"
        stroke="currentColor"
        strokeWidth="3.4"
        strokeLinecap="round"
      />
      <path
        d="M26.5 5.5c-2.6 5.2-5.6 9.3-9.4 12.9-3.3 3.2-7.2 5.7-11.6 7.1"
        fill="none"
        stroke="var(--accent)"
        strokeWidth="3.4"
        strokeLinecap="round"
      />
    </svg>
  );
}
