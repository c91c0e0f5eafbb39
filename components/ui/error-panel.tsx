"use client";
import { QueryErrorResetBoundary } from "@tanstack/react-query";
import { CircleAlert, Lock } from "lucide-react";
import { Component, type ReactNode } from "react";
import { type CallError, describeError } from "../providers/call-error";
import { Button } from "./button";
import { CopyId } from "./copy-id";

/** A failed act, inside its form or card: the sentence, and the request id by which the log is found. */
export function CallProblem({ error }: { error: CallError }) {
  return (
    <div role="alert" className="flex items-start gap-2.5 rounded-md bg-fail-soft px-3 py-2 text-sm text-fail">
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
      <div className="min-w-0">
        <p>{error.message}</p>
        {error.requestId && <RequestId id={error.requestId} />}
      </div>
    </div>
  );
}

function RequestId({ id }: { id: string }) {
  return (
    <p className="flex items-center gap-1.5 text-xs">
      Request <CopyId value={id} what="request id" />
    </p>
  );
}

/** Something that could not be loaded, with a way to try again. A refusal says who may. */
export function ErrorPanel({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const problem = describeError(error);
  if (problem.code === "FORBIDDEN") return <ForbiddenPanel reason={problem.message} />;
  const isMissing = problem.code === "NOT_FOUND";
  return (
    <div
      role="alert"
      className="flex flex-col items-center gap-1 rounded-lg border border-line bg-surface-raised px-6 py-10 text-center"
    >
      <CircleAlert aria-hidden className="mb-1 size-5 text-fail" />
      <p className="font-semibold">{isMissing ? "This is not here" : "This could not be loaded"}</p>
      <p className="max-w-md text-sm text-muted">{problem.message}</p>
      {problem.requestId && (
        <div className="text-muted">
          <RequestId id={problem.requestId} />
        </div>
      )}
      {onRetry && !isMissing && (
        <Button className="mt-3" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

/** No access: the sentence names the role that has it. */
export function ForbiddenPanel({ reason }: { reason: string }) {
  return (
    <div className="flex flex-col items-center gap-1 rounded-lg border border-line bg-surface-raised px-6 py-10 text-center">
      <Lock aria-hidden className="mb-1 size-5 text-muted" />
      <p className="font-semibold">Your role does not reach this</p>
      <p className="max-w-md text-sm text-muted">{reason}</p>
    </div>
  );
}

type BoundaryProps = { readonly onReset: () => void; readonly children: ReactNode };

class Boundary extends Component<BoundaryProps, { readonly error: unknown }> {
  override state: { readonly error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error: error ?? new Error("unknown") };
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    const retry = () => {
      this.props.onReset();
      this.setState({ error: null });
    };
    return <ErrorPanel error={this.state.error} onRetry={retry} />;
  }
}

/** Around each panel that loads by itself, so that one failure does not take the page. */
export function PanelBoundary({ children }: { children: ReactNode }) {
  return (
    <QueryErrorResetBoundary>{({ reset }) => <Boundary onReset={reset}>{children}</Boundary>}</QueryErrorResetBoundary>
  );
}
