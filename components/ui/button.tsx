"use client";
import { cva, type VariantProps } from "class-variance-authority";
import { LoaderCircle } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import { type ComponentProps, type MouseEvent, type ReactNode, useId } from "react";
import { cn } from "./cn";
import { Tooltip } from "./tooltip";

export const buttonVariants = cva(
  "inline-flex shrink-0 items-center justify-center gap-2 rounded-md text-sm font-semibold whitespace-nowrap transition-colors duration-150 select-none touch-target aria-disabled:opacity-55 disabled:opacity-55 [&_svg]:size-4 [&_svg]:shrink-0",
  {
    variants: {
      tone: {
        primary: "bg-accent text-on-accent not-aria-disabled:hover:bg-accent-strong",
        secondary: "border border-line-strong bg-surface-raised text-text not-aria-disabled:hover:bg-surface-sunken",
        ghost: "text-muted not-aria-disabled:hover:bg-surface-sunken not-aria-disabled:hover:text-text",
        danger: "border border-line-strong bg-surface-raised text-fail not-aria-disabled:hover:bg-fail-soft",
      },
      size: {
        md: "h-8 px-3",
        sm: "h-7 px-2.5 text-xs [&_svg]:size-3.5",
        lg: "h-10 px-4",
        icon: "size-8",
        "icon-sm": "size-6 [&_svg]:size-3.5",
      },
    },
    defaultVariants: { tone: "secondary", size: "md" },
  },
);

type Look = VariantProps<typeof buttonVariants>;

export type ButtonProps = ComponentProps<"button"> &
  Look & {
    /** Why it cannot be used now. The button stays reachable by keyboard and says so. */
    disabledReason?: string | null | undefined;
    /** The server has not answered yet. */
    isPending?: boolean;
    /** For a button that shows only an icon: its name, also as a tooltip. */
    label?: string;
    children: ReactNode;
  };

export function Button({
  tone,
  size,
  disabledReason,
  isPending = false,
  label,
  className,
  onClick,
  children,
  type = "button",
  ...rest
}: ButtonProps) {
  const reasonId = useId();
  const isOff = Boolean(disabledReason) || isPending;
  const handleClick = (event: MouseEvent<HTMLButtonElement>) => {
    // The second click of a double click comes before the first one's answer: it is not another wish.
    if (isOff || event.detail > 1) event.preventDefault();
    else onClick?.(event);
  };
  const button = (
    <button
      {...rest}
      type={type}
      aria-label={label ?? rest["aria-label"]}
      aria-disabled={isOff || undefined}
      aria-busy={isPending || undefined}
      aria-describedby={disabledReason ? reasonId : rest["aria-describedby"]}
      onClick={handleClick}
      className={cn(buttonVariants({ tone, size }), className)}
    >
      {isPending && <LoaderCircle aria-hidden className="animate-spin" />}
      {children}
    </button>
  );
  if (!disabledReason) return label ? <Tooltip text={label}>{button}</Tooltip> : button;
  return (
    <>
      <Tooltip text={disabledReason}>{button}</Tooltip>
      <span id={reasonId} hidden>
        {disabledReason}
      </span>
    </>
  );
}

/** A link that looks like a button: for going somewhere. */
export function ButtonLink({
  tone,
  size,
  className,
  href,
  ...rest
}: Omit<ComponentProps<typeof Link>, "href"> & Look & { href: Route }) {
  return <Link href={href} {...rest} className={cn(buttonVariants({ tone, size }), className)} />;
}
