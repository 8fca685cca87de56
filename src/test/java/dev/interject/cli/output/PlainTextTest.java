package dev.interject.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is named by others reaches no terminal as it is. */
class PlainTextTest {

    private static final String LONG = "x".repeat(5000);

    @Test
    void lineWithControlCharacters_quotesThem() {
        assertThat(PlainText.line("\033[31mred\n\u202etxt\u2028\ud800"))
                .isEqualTo("\\u001b[31mred\\u000a\\u202etxt\\u2028\\ud800");
    }

    @Test
    void lineOfLongWords_hasTheBeginningAndTheEndOfEach() {
        assertThat(PlainText.line("a%sb c%sd".formatted(LONG, LONG)))
                .matches("ax{99}\\.\\.\\.x{99}b cx{99}\\.\\.\\.x{99}d");
    }

    @Test
    void lineOfManyWords_isCutAsAWhole() {
        assertThat(PlainText.line("word ".repeat(5000))).startsWith("word word").endsWith("word ").hasSize(2003);
    }

    @Test
    void page_keepsItsColoursOnly() {
        assertThat(PlainText.page("\033[1mbold\033[21m\033[0m \033[2J"))
                .isEqualTo("\033[1mbold\033[21m\033[0m \\u001b[2J");
    }

    @Test
    void commandOnAPage_isWholeButQuoted() {
        TextPage page = new TextPage(Style.PLAIN);

        page.command("  ", "interject run --image " + LONG + "\007");

        assertThat(page.toString()).contains("  " + LONG + "\\u0007\n");
    }

    @Test
    void whatXmlCannotContain_isQuoted() {
        assertThat(PlainText.forXml("a\tb\nc\0\033\uffff\ud83d\ude00"))
                .isEqualTo("a\tb\nc\\u0000\\u001b\\uffff\ud83d\ude00");
    }
}
