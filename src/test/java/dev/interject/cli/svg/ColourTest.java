package dev.interject.cli.svg;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Contrast as WCAG 2.2 defines it: 4.5 for text, 3 for graphics. */
class ColourTest {

    private static final Set<Colour> TEXTS = EnumSet.of(Colour.TEXT, Colour.DIM, Colour.RED);
    private static final Set<Colour> GRAPHICS = EnumSet.of(Colour.BLUE, Colour.AMBER, Colour.GREY, Colour.GREEN,
            Colour.PURPLE, Colour.RED);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void text_isLegibleOnItsBackground(boolean dark) {
        assertThat(TEXTS).allSatisfy(colour -> {
            assertThat(contrast(colour, Colour.BACKGROUND, dark)).isGreaterThan(4.5);
            assertThat(contrast(colour, Colour.PANEL, dark)).isGreaterThan(4.5);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shapes_standOutFromTheirBackgrounds(boolean dark) {
        assertThat(GRAPHICS).allSatisfy(colour -> {
            assertThat(contrast(colour, Colour.BACKGROUND, dark)).isGreaterThan(3);
            assertThat(contrast(colour, Colour.PANEL, dark)).isGreaterThan(3);
        });
    }

    private static double contrast(Colour one, Colour other, boolean dark) {
        double a = luminance(one.on(dark));
        double b = luminance(other.on(dark));
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    }

    private static double luminance(String hex) {
        int rgb = Integer.parseInt(hex.substring(1), 16);
        return 0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8) + 0.0722 * linear(rgb);
    }

    private static double linear(int channel) {
        double value = (channel & 0xff) / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
    }
}
