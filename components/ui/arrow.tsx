/** "v7 → production": an arrow for the eye, "to" for the ear. */
export function Arrow() {
  return (
    <>
      <span aria-hidden="true" className="font-normal text-muted">
        →
      </span>
      <span className="sr-only">to</span>
    </>
  );
}
