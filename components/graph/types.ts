import type { ReactNode } from "react";
import type { AnyStatus } from "../data/status";

export type DagNode = {
  readonly id: string;
  readonly title: string;
  /** Before the title: a picture of what kind of thing it is. */
  readonly icon?: ReactNode;
  /** Small line below: "1,461 rows", "attempt 2 of 3". */
  readonly subtitle?: string;
  /** At the right end of the small line: a duration. */
  readonly aside?: ReactNode;
  readonly status?: AnyStatus;
  /** Does not exist yet: a dashed border. */
  readonly isOpen?: boolean;
};
export type DagEdge = { readonly from: string; readonly to: string };

export const NODE_WIDTH = 148;
export const NODE_HEIGHT = 52;

export type Place = { readonly x: number; readonly y: number };
