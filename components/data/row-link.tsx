"use client";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import type { MouseEvent } from "react";

/**
 * Makes the rest of a row a real link (middle click, copy address) without a second tab stop or a second
 * announcement: the first cell holds the link that people reach by keyboard.
 */
export function RowLink({ href }: { href: Route }) {
  // biome-ignore lint/a11y/useAnchorContent: the row's first cell holds the link that is announced
  return <a href={href} tabIndex={-1} aria-hidden="true" data-row-link className="absolute inset-0" />;
}

/** For the table body: a plain click on a row link goes there without loading the page anew. */
export function useRowLinks(): (event: MouseEvent) => void {
  const router = useRouter();
  return (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[data-row-link]") : null;
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0) return;
    event.preventDefault();
    router.push((link.pathname + link.search) as Route);
  };
}
