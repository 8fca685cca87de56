/** {@code interject boot}: boots an image of the user's. The command, and what it says at the end. */
package dev.interject.cli.boot;
