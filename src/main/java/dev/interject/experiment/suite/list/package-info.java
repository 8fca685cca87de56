/**
 * Lists of images: their two forms, and what they say of each test.
 *
 * <p>It runs no guest; the package above does.
 */
package dev.interject.experiment.suite.list;
