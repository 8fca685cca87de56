package dev.interject.device;

/** Something that a guest or a device does to a pair of 8259As. */
sealed interface PicOperation {

    /** Executes it and returns the result; 0 if it has none. */
    int on(PicSubject pic);

    record Write(int port, int value) implements PicOperation {

        @Override
        public int on(PicSubject pic) {
            pic.write(port, value);
            return 0;
        }

        @Override
        public String toString() {
            return "write 0x%02x to 0x%02x".formatted(value, port);
        }
    }

    record Read(int port) implements PicOperation {

        @Override
        public int on(PicSubject pic) {
            return pic.read(port);
        }

        @Override
        public String toString() {
            return "read 0x%02x".formatted(port);
        }
    }

    record Raise(int line) implements PicOperation {

        @Override
        public int on(PicSubject pic) {
            return pic.raise(line);
        }

        @Override
        public String toString() {
            return "raise line " + line;
        }
    }

    record Lower(int line) implements PicOperation {

        @Override
        public int on(PicSubject pic) {
            pic.lower(line);
            return 0;
        }

        @Override
        public String toString() {
            return "lower line " + line;
        }
    }

    /** The CPU checks INT, and acknowledges if it is high. */
    record TakeInterrupt() implements PicOperation {

        @Override
        public int on(PicSubject pic) {
            // The kernel's INT is stale after ICW1 and ICW4 (departure 6 of Pic8259); a change of any line updates it.
            pic.lower(0);
            return pic.takeInterrupt();
        }

        @Override
        public String toString() {
            return "lower line 0, take the interrupt";
        }
    }
}
