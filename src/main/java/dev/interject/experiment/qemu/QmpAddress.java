package dev.interject.experiment.qemu;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.regex.Pattern;

/**
 * Where QEMU serves QMP: {@code HOST:PORT}, or the path of a Unix socket. QEMU's own spelling of {@code -qmp} is taken
 * as well: {@code unix:PATH,server=on}, {@code tcp:HOST:PORT}.
 *
 * @param text as it was given
 */
record QmpAddress(String text, SocketAddress socket) {

    /** Those of QEMU that follow an address; a path may have commas of its own. */
    private static final Pattern OPTIONS = Pattern.compile(",(?:server|nowait|wait)\\b.*");
    private static final int LARGEST_PORT = 0xffff;
    private static final String FIX = "name QEMU's socket: a path, or HOST:PORT";

    static QmpAddress of(String text) {
        String plain = OPTIONS.matcher(text).replaceFirst("");
        if (plain.startsWith("unix:")) {
            return new QmpAddress(text, unix(text, plain.substring("unix:".length())));
        }
        boolean isTcp = plain.startsWith("tcp:");
        String place = isTcp ? plain.substring("tcp:".length()) : plain;
        int colon = place.lastIndexOf(':');
        if (isTcp || colon > 0 && !place.contains("/")) {
            return new QmpAddress(text, tcp(text, place, colon));
        }
        return new QmpAddress(text, unix(text, place));
    }

    private static SocketAddress unix(String text, String path) {
        try {
            if (path.isEmpty()) {
                throw new QemuException("'%s' names no socket".formatted(text), FIX);
            }
            return UnixDomainSocketAddress.of(path);
        } catch (IllegalArgumentException impossible) {
            throw new QemuException("'%s' is no path".formatted(text), FIX);
        }
    }

    private static SocketAddress tcp(String text, String place, int colon) {
        String port = place.substring(colon + 1);
        if (colon < 1 || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > LARGEST_PORT
                || Integer.parseInt(port) == 0) {
            throw new QemuException("'%s' has no port from 1 to %d".formatted(text, LARGEST_PORT), FIX);
        }
        String host = place.substring(0, colon).replaceFirst("^\\[(.*)]$", "$1");
        InetSocketAddress address = new InetSocketAddress(host, Integer.parseInt(port));
        if (address.isUnresolved()) {
            throw new QemuException("there is no host '%s'".formatted(host), FIX);
        }
        return address;
    }

    /** A channel for it that is not connected yet. */
    SocketChannel newChannel() throws IOException {
        return socket instanceof UnixDomainSocketAddress ? SocketChannel.open(StandardProtocolFamily.UNIX)
                : SocketChannel.open();
    }
}
