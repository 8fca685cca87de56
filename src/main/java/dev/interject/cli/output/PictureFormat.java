package dev.interject.cli.output;

import java.util.Locale;

/** The formats of a result that has a picture. */
public enum PictureFormat {
    /** For people. */
    TEXT,
    /** One JSON object. */
    JSON,
    /** A picture. */
    SVG;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
