import fc from "fast-check";
import { expect, test } from "vitest";
import { onnxFileOf, onnxPathOf } from "./model-file";
import { modelSourceOf } from "./model-source";
import {
  aliasProblem,
  deletionRefusal,
  modelNameProblem,
  promotionAddress,
  protectedAliasMessage,
  stageNamed,
  stageOf,
} from "./policy";

test.each(["seattle-rain", "Wet day, v2 (été)", "a.b"])("%s names a model", (name) =>
  expect(modelNameProblem(name)).toBeNull(),
);
test.each(["", "  ", "a/b", "a:b", "..", "a%2f", " a", "x".repeat(257)])("%j does not", (name) =>
  expect(modelNameProblem(name)).not.toBeNull(),
);

test("reserved aliases are not set by hand", () => {
  expect(aliasProblem("champion")).toBeNull();
  for (const alias of ["latest", "LATEST", "v7", "V7", "a b", ""]) expect(aliasProblem(alias)).not.toBeNull();
});

test("the refusal of a protected alias names the promotion to open", () => {
  const address = promotionAddress({
    url: "http://localhost:3000/",
    projectSlug: "seattle-rain",
    versionId: "0195",
    environment: "production",
  });
  expect(address).toBe("http://localhost:3000/p/seattle-rain/promotions/new?version=0195&environment=production");
  expect(protectedAliasMessage("Production", address)).toBe(
    `The alias production follows what is deployed. Open a promotion: ${address}`,
  );
});

test("what was deployed or proposed is not deleted", () => {
  const use = { label: "rain v1", isDeployed: false, promotions: 0, evaluations: 0 };
  expect(deletionRefusal([use])).toBeNull();
  expect(deletionRefusal([use, { ...use, isDeployed: true }])).toContain("deployed");
  expect(deletionRefusal([{ ...use, promotions: 1 }])).toContain("promotion");
});

test("stages follow the protected aliases", () => {
  expect(stageOf(["staging", "production"])).toBe("Production");
  expect(stageOf(["champion"])).toBe("None");
  expect(stageNamed("pRoDuction")).toBe("Production");
  expect(stageNamed("live")).toBeNull();
});

const id = "m-0123456789abcdef0123456789abcdef";
test.each([
  [`models:/${id}`, "logged_model"],
  ["models:/rain/3", "version"],
  ["mlflow-artifacts:/1/0123456789abcdef0123456789abcdef/artifacts/model", "artifacts"],
  ["s3://bucket/model", "elsewhere"],
  ["dummy-source", "elsewhere"],
])("%s is a %s", (source, kind) => expect(modelSourceOf(source)?.kind).toBe(kind));

test.each([
  "/etc/passwd",
  "file:///etc/passwd",
  "model",
  "s3://bucket/../x",
  "s3://bucket/%252e%252e/x",
  "s3://bucket/a%2500b",
  "s3://bucket",
  "mlflow-artifacts:/1/../../x",
  "runs:/x/model",
])("%s is refused", (source) => expect(modelSourceOf(source)).toBeNull());

test("MLmodel names the ONNX file; without it the only one counts", () => {
  expect(onnxPathOf({ flavors: { onnx: { data: "model.onnx" } } })).toBe("model.onnx");
  const files = ["MLmodel", "model.onnx", "other.onnx"].map((path) => ({ path, sha256: "", bytes: 1 }));
  expect(onnxFileOf(files, "model.onnx")?.path).toBe("model.onnx");
  expect(onnxFileOf(files, null)).toBeNull();
  expect(onnxFileOf(files.slice(0, 2), null)?.path).toBe("model.onnx");
});

test("whatever an MLmodel file holds, reading it throws nothing", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(onnxPathOf(value)).toBeNull();
      onnxPathOf({ flavors: value });
    }),
  );
});
