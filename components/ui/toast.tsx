"use client";
import { CircleAlert, CircleCheck, X } from "lucide-react";
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useState } from "react";
import { Button } from "./button";

type Toast = {
  readonly id: number;
  readonly text: string;
  readonly tone: "done" | "failed";
  readonly undo?: (() => void) | undefined;
};
type Show = (text: string, options?: { readonly tone?: Toast["tone"]; readonly undo?: () => void }) => void;

const ToastContext = createContext<Show>(() => undefined);
const STAYS_MS = 6_000;

/** `const toast = useToast(); toast("Run cancelled")`. For what happened in the background; never the only place of a result. */
export function useToast(): Show {
  return use(ToastContext);
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const show = useCallback<Show>((text, options) => {
    setToasts((shown) =>
      [...shown, { id: (shown.at(-1)?.id ?? 0) + 1, text, tone: options?.tone ?? "done", undo: options?.undo }].slice(
        -3,
      ),
    );
  }, []);
  const close = useCallback((id: number) => setToasts((shown) => shown.filter((toast) => toast.id !== id)), []);
  const list = useMemo(
    () => toasts.map((toast) => <ToastLine key={toast.id} toast={toast} onClose={close} />),
    [toasts, close],
  );
  return (
    <ToastContext value={show}>
      {children}
      <section
        aria-label="Messages"
        aria-live="polite"
        className="layer-toast pointer-events-none fixed right-4 bottom-4 left-4 flex flex-col items-end gap-2"
      >
        {list}
      </section>
    </ToastContext>
  );
}

function ToastLine({ toast, onClose }: { toast: Toast; onClose: (id: number) => void }) {
  useEffect(() => {
    const timer = setTimeout(() => onClose(toast.id), STAYS_MS);
    return () => clearTimeout(timer);
  }, [toast.id, onClose]);
  const Icon = toast.tone === "done" ? CircleCheck : CircleAlert;
  return (
    <div className="pointer-events-auto flex max-w-sm animate-appear items-center gap-2.5 rounded-lg border border-line-strong bg-surface-raised py-2 pr-2 pl-3 text-sm shadow-overlay">
      <Icon aria-hidden className={toast.tone === "done" ? "size-4 shrink-0 text-pass" : "size-4 shrink-0 text-fail"} />
      <span className="min-w-0">{toast.text}</span>
      {toast.undo && (
        <Button size="sm" onClick={toast.undo}>
          Undo
        </Button>
      )}
      <Button tone="ghost" size="icon-sm" aria-label="Close message" onClick={() => onClose(toast.id)}>
        <X aria-hidden />
      </Button>
    </div>
  );
}
