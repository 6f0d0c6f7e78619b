import type { Detect, Need } from '../types.ts';
import { antNeeds } from './ant.ts';
import { gradleNeeds } from './gradle/needs.ts';
import { lonelySource } from './lonely.ts';
import { mavenNeeds } from './maven/needs.ts';

/**
 * Java and Kotlin: trees of Maven's modules, builds of Gradle, Ant; without any of them, a program of a single file at
 * the root. A folder that both Maven and Gradle build is one project.
 */
export const detectJava: Detect = async (context) => {
  const maven = await mavenNeeds(context);
  const gradle = await gradleNeeds(context);
  const needs: Need[] = [...maven.needs, ...gradle.needs];
  if (needs.length > 0) return needs;
  const ant = await antNeeds(context);
  return ant.length > 0 ? ant : lonelySource(context);
};
