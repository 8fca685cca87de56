package dev.interject.cli.option;

import java.util.Iterator;

import dev.interject.interrupt.route.Route;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the path by which an interrupt is injected. */
public final class PathConverter implements ITypeConverter<Route> {

    @Override
    public Route convert(String word) {
        try {
            return Route.named(word);
        } catch (IllegalArgumentException unknown) {
            throw new TypeConversionException(unknown.getMessage());
        }
    }

    /** The names of all paths. */
    public static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Route.all().stream().map(Route::label).iterator();
        }
    }
}
