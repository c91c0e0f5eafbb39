"use client";
import { useEffect, useState } from "react";

/** How long the next attempt has to wait; counts down by the browser's clock. */
export function Countdown({ seconds }: { seconds: number }) {
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    const end = Date.now() + seconds * 1_000;
    const timer = setInterval(() => setLeft(Math.max(0, Math.ceil((end - Date.now()) / 1_000))), 250);
    return () => clearInterval(timer);
  }, [seconds]);
  if (left === 0) return <>Too many attempts. You can try again now.</>;
  return (
    <>
      Too many attempts. Try again in <span className="figures">{left}</span> s.
    </>
  );
}
