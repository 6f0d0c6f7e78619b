import type { Detect } from '../types.ts';
import { scalaCliNeeds } from './cli.ts';
import { millNeeds } from './mill.ts';
import { sbtNeeds } from './sbt.ts';

/** Scala: builds of sbt and of Mill, else projects of scala-cli. The build tools fetch the compiler. */
export const detectScala: Detect = async (context) => {
  const needs = [...(await sbtNeeds(context)), ...(await millNeeds(context))];
  return needs.length > 0 ? needs : scalaCliNeeds(context);
};
