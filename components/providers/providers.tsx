"use client";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import type { ReactNode } from "react";
import { ToastProvider } from "../ui/toast";
import { TooltipProvider } from "../ui/tooltip";
import { TrpcProvider } from "./trpc";

/** What every page needs, signed in or not. */
export function Providers({ children }: { children: ReactNode }) {
  return (
    <NuqsAdapter>
      <TrpcProvider>
        <TooltipProvider>
          <ToastProvider>{children}</ToastProvider>
        </TooltipProvider>
      </TrpcProvider>
    </NuqsAdapter>
  );
}
