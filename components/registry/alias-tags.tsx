import { Rocket, Tag as TagIcon } from "lucide-react";
import { isProtectedAlias } from "@/domain/registry/types";
import { Badge, Tag } from "../ui/badge";

/** Aliases of a model or a version. Those that follow a deployment stand first, as states. */
export function AliasTags({ aliases }: { aliases: readonly { readonly alias: string; readonly version?: number }[] }) {
  const sorted = [...aliases].sort((a, b) => Number(isProtectedAlias(b.alias)) - Number(isProtectedAlias(a.alias)));
  return (
    <span className="flex flex-wrap items-center gap-1.5">
      {sorted.map(({ alias, version }) => {
        const text = version === undefined ? alias : `${alias} v${version}`;
        return isProtectedAlias(alias) ? (
          <Badge key={alias} tone={alias === "production" ? "pass" : "run"} icon={Rocket}>
            {text}
          </Badge>
        ) : (
          <Tag key={alias}>
            <TagIcon aria-hidden className="mr-1 inline size-3" />
            {text}
          </Tag>
        );
      })}
    </span>
  );
}
