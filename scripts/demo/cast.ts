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

function randomPassword(): string {
  return randomBytes(12).toString("base64url");
}

/** The one-time link is how the first person of any installation comes in. */
export async function setUpAdministrator(url: string, link: string): Promise<Account> {
  const secret = link.slice(link.lastIndexOf("/") + 1);
  const password = randomPassword();
  await clientFor(url).identity.setUp.mutate({ secret, organisation: ORGANISATION, ...ADMINISTRATOR, password });
  const { email } = ADMINISTRATOR;
  const made = await clientFor(url).identity.createTokenByPassword.mutate({
    ...TOKEN,
    scopes: [...TOKEN.scopes],
    email,
    password,
    projectId: null,
  });
  return { ...ADMINISTRATOR, password, role: "admin", token: made.token };
}

/** Invites the seven, each of whom accepts with a password of their own and makes their own token. */
export async function inviteEverybody(url: string, admin: Account, projectId: string): Promise<Account[]> {
  return Promise.all(
    PEOPLE.map(async ({ role, name, email }) => {
      const invitation = await clientFor(url, admin.token).identity.invite.mutate({ projectId, email, roles: [role] });
      if (invitation.kind !== "invited") throw new Error(`${email} has an account already; begin anew with --reset.`);
      const password = randomPassword();
      await clientFor(url).identity.acceptInvitation.mutate({ secret: invitation.secret, name, password });
      const made = await clientFor(url).identity.createTokenByPassword.mutate({
        ...TOKEN,
        scopes: [...TOKEN.scopes],
        email,
        password,
        projectId,
      });
      return { name, email, password, role, token: made.token };
    }),
  );
}

export function accountOf(accounts: readonly Account[], role: Account["role"]): Account {
  const account = accounts.find((candidate) => candidate.role === role);
  if (!account) throw new Error(`The demonstration has nobody in the role ${role}.`);
  return account;
}
