/**
 * Building blocks of SVG pictures: colours for light and dark pages, text of known width, shapes and a legend.
 *
 * <p>It depends on {@code cli.output} alone and on nothing that a picture shows.
 */
package dev.interject.cli.svg;
