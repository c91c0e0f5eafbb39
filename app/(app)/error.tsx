"use client";
import { PageFrame } from "@/components/shell/page-frame";
import { ErrorPanel } from "@/components/ui/error-panel";

type Props = { error: Error & { digest?: string }; reset: () => void };

/** The last net of a page behind the sign-in; panels have their own. */
export default function PageError({ error, reset }: Props) {
  return (
    <PageFrame crumbs={[]} title="This page could not be shown">
      <ErrorPanel error={error} onRetry={reset} />
    </PageFrame>
  );
}
