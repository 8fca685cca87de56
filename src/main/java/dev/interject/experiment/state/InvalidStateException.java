package dev.interject.experiment.state;

/** A state cannot be read or understood. */
public final class InvalidStateException extends RuntimeException {

    private static final long serialVersionUID = 1;
    private static final int LONGEST = 300;

    private final String fix;

    /**
     * @param place where it is wrong: a JSON pointer; empty for the whole of it
     * @param what  is wrong there
     * @param fix   what to do about it
     */
    InvalidStateException(String place, String what, String fix) {
        this(place.isEmpty() ? what : "%s: %s".formatted(place, what), fix);
    }

    private InvalidStateException(String message, String fix) {
        super(shortened(message));
        this.fix = fix;
    }

    /** The same with the name of the file. */
    InvalidStateException in(String name) {
        return new InvalidStateException("%s: %s".formatted(name, getMessage()), fix);
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + " …";
    }

    /** What to do about it. */
    public String fix() {
        return fix;
    }
}
