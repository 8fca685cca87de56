package dev.interject.linux;

/** An ioctl request: its number for the kernel and its name for people. */
public interface IoctlRequest {

    /** The request's name in the kernel's header. */
    String name();

    /** The request's number, as {@code _IO()} and its siblings encode it. */
    long number();
}
