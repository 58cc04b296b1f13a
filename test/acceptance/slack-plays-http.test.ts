import { jest } from "@jest/globals";
import { describePlays } from "./slack-plays.ts";

jest.setTimeout(120_000);

describePlays("http");
