"use client";
import { useState } from "react";
import { Tag } from "../ui/badge";
import { Button } from "../ui/button";
import { CardRow } from "../ui/card";
import { ConfirmDialog } from "../ui/confirm-dialog";
import { RelativeTime } from "../ui/time";

type TokenRow = {
  readonly id: string;
  readonly name: string;
  readonly hint: string;
  readonly scopes: readonly string[];
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  /** To the minute; null where it was never used. */
  readonly lastUsedAt: Date | null;
  /** Where it reaches, where that is not plain from the page. */
  readonly place?: string | null;
};

type RowsProps = {
  tokens: readonly TokenRow[];
  revoking: string | null;
  disabledReason?: string | null;
  onRevoke: (tokenId: string) => void;
};

/** Tokens in a flush card: name, first characters, scopes, and the way to end each. */
export function TokenRows(props: RowsProps) {
  return props.tokens.map((token) => <OneToken key={token.id} token={token} {...props} />);
}

function OneToken({ token, ...props }: Omit<RowsProps, "tokens"> & { token: TokenRow }) {
  const [isAsking, setAsking] = useState(false);
  return (
    <CardRow className="flex-wrap items-center">
      <div className="min-w-0 flex-1 basis-48 text-sm">
        <p className="truncate font-semibold" title={token.name}>
          {token.name}
        </p>
        <p className="text-xs text-muted">
          <span className="font-mono">{token.hint}…</span>
          {token.place && <> · {token.place}</>} · made <RelativeTime at={token.createdAt} /> ·{" "}
          {token.lastUsedAt ? (
            <>
              last used <RelativeTime at={token.lastUsedAt} />
            </>
          ) : (
            "never used"
          )}
          {token.expiresAt && (
            <>
              {" "}
              · expires <RelativeTime at={token.expiresAt} />
            </>
          )}
        </p>
      </div>
      <span className="flex flex-wrap gap-1">
        {token.scopes.map((scope) => (
          <Tag key={scope}>{scope}</Tag>
        ))}
      </span>
      <Button
        size="sm"
        tone="danger"
        disabledReason={props.disabledReason}
        isPending={props.revoking === token.id}
        onClick={() => setAsking(true)}
        aria-label={`Revoke the token ${token.name}`}
      >
        Revoke
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        onOpenChange={setAsking}
        title={`Revoke ${token.name}?`}
        act="Revoke token"
        tone="danger"
        isPending={props.revoking === token.id}
        error={null}
        onConfirm={() => {
          setAsking(false);
          props.onRevoke(token.id);
        }}
      >
        Whatever uses it is refused at once. It cannot be brought back.
      </ConfirmDialog>
    </CardRow>
  );
}
