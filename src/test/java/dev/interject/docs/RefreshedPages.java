package dev.interject.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Writes the output of this build into the pages, where they show other output. An excerpt stays an excerpt: each shown
 * line is replaced by the line of the new output that is most like it. {@code scripts/refresh-docs} starts it; its
 * arguments are pages, or none for all.
 */
final class RefreshedPages {

    private RefreshedPages() {}

    public static void main(String[] pages) throws IOException {
        for (Page page : Page.all()) {
            if (pages.length == 0 || List.of(pages).contains(page.toString())) {
                refresh(page);
            }
        }
    }

    private static void refresh(Page page) throws IOException {
        List<String> lines = new ArrayList<>(page.lines());
        List<Transcript> bottomUp = Transcript.all()
                .stream()
                .filter(transcript -> transcript.block().page().path().equals(page.path()))
                .sorted(Comparator.comparingInt(Transcript::line).reversed())
                .toList();
        for (Transcript transcript : bottomUp) {
            List<String> output = Transcript.output(transcript.run());
            if (!transcript.excerpt().missingFrom(output).isEmpty() || transcript.shown().isEmpty()) {
                List<String> shown = lines.subList(transcript.line() + 1,
                        transcript.line() + 1 + transcript.shown().size());
                List<String> renewed = new Realignment(transcript.excerpt(), output).renewed();
                shown.clear();
                shown.addAll(renewed);
                System.out.println("refreshed " + transcript);
            }
        }
        if (!lines.equals(page.lines())) {
            Files.write(page.path(), lines);
        }
    }
}
