/** The files around the one that is linted, for analysis that follows imports. */

/** Reads the project; whoever runs the linter gives it. Paths are absolute, with forward slashes. */
export interface ProjectFiles {
  /** The text of a file; undefined where there is none, or it is too large to be anybody's source. */
  read(path: string): string | undefined;
  isFile(path: string): boolean;
}

/** A linter that sees one file at a time. */
export const noFiles: ProjectFiles = { read: () => undefined, isFile: () => false };
