import { randomBytes } from "node:crypto";
import type { ProcessRole } from "@/domain/identity/roles";
import { clientFor } from "./client";

export type Account = {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly role: ProcessRole | "admin";
  readonly token: string;
};

const ORGANISATION = "Rainier Forecasting";
const ADMINISTRATOR = { name: "Kim Sandoval", email: "kim@countersign.example" };

/** One person for each of the seven roles. */
const PEOPLE: readonly { readonly role: ProcessRole; readonly name: string; readonly email: string }[] = [
  { role: "R1", name: "Sam Okafor", email: "sam@countersign.example" },
  { role: "R2", name: "Ines Duarte", email: "ines@countersign.example" },
  { role: "R3", name: "Ada Lindqvist", email: "ada@countersign.example" },
  { role: "R4", name: "Ravi Patel", email: "ravi@countersign.example" },
  { role: "R5", name: "Tomás Rivera", email: "tomas@countersign.example" },
  { role: "R6", name: "Noor Haddad", email: "noor@countersign.example" },
  { role: "R7", name: "Mia Kowalski", email: "mia@countersign.example" },
];

const TOKEN = { name: "demonstration", expiresInDays: 365, scopes: ["read", "write", "predict", "sign"] as const };

/** Written down before anybody uses one, so that an interrupted demonstration can go on. */
export function inventPasswords(): Record<string, string> {
  const emails = [ADMINISTRATOR, ...PEOPLE].map((person) => person.email);
  return Object.fromEntries(emails.map((email) => [email, randomBytes(12).toString("base64url")]));
}

type Credentials = { readonly email: string; readonly password: string };

async function tokenOf(url: string, credentials: Credentials, projectId: string | null): Promise<string> {
  const made = await clientFor(url).identity.createTokenByPassword.mutate({
    ...TOKEN,
    ...credentials,
    scopes: [...TOKEN.scopes],
    projectId,
  });
  return made.token;
}

function credentialsOf(passwords: Readonly<Record<string, string>>, email: string): Credentials {
  const password = passwords[email];
  if (!password) throw new Error(`The demonstration has no password for ${email}; begin anew with --reset.`);
  return { email, password };
}

/** The one-time link is how the first person of any installation comes in; without one, she is in already. */
export async function setUpAdministrator(
  url: string,
  link: string | null,
  passwords: Readonly<Record<string, string>>,
): Promise<Account> {
  const credentials = credentialsOf(passwords, ADMINISTRATOR.email);
  if (link) {
    const secret = link.slice(link.lastIndexOf("/") + 1);
    await clientFor(url).identity.setUp.mutate({
      secret,
      organisation: ORGANISATION,
      name: ADMINISTRATOR.name,
      ...credentials,
    });
  }
  return { name: ADMINISTRATOR.name, role: "admin", ...credentials, token: await tokenOf(url, credentials, null) };
}

/** Invites the seven, each of whom accepts with a password of their own and makes their own token. */
export async function inviteEverybody(
  place: { readonly url: string; readonly admin: Account; readonly projectId: string },
  passwords: Readonly<Record<string, string>>,
): Promise<Account[]> {
  const { url, admin, projectId } = place;
  const accounts: Account[] = [];
  // One after another: many sign-ins at once from one address look like guessing, and are made to wait.
  for (const { role, name, email } of PEOPLE) {
    const credentials = credentialsOf(passwords, email);
    const invited = await clientFor(url, admin.token).identity.invite.mutate({ projectId, email, roles: [role] });
    if (invited.kind === "invited") {
      const { secret } = invited;
      await clientFor(url).identity.acceptInvitation.mutate({ secret, name, password: credentials.password });
    }
    accounts.push({ name, role, ...credentials, token: await tokenOf(url, credentials, projectId) });
  }
  return accounts;
}

export function accountOf(accounts: readonly Account[], role: Account["role"]): Account {
  const account = accounts.find((candidate) => candidate.role === role);
  if (!account) throw new Error(`The demonstration has nobody in the role ${role}.`);
  return account;
}
