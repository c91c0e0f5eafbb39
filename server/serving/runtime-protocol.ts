import type { Tensor } from "@/domain/serving/types";

/** What the parent and a model's process say to each other. */
export type ToRuntime =
  | { readonly kind: "load"; readonly path: string }
  | { readonly kind: "run"; readonly id: number; readonly tensors: readonly Tensor[] };

export type FromRuntime =
  | { readonly kind: "loaded" }
  | { readonly kind: "refused"; readonly message: string }
  | { readonly kind: "answer"; readonly id: number; readonly tensors: readonly Tensor[] }
  | { readonly kind: "failed"; readonly id: number; readonly message: string };
