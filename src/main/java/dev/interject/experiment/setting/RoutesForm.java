package dev.interject.experiment.setting;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Where a GSI leads: pins and messages, all of its routes together. */
record RoutesForm() implements ValueForm<List<RouteTarget>> {

    private static final String NONE = "none";

    @Override
    public String unit() {
        return "routes, separated by commas";
    }

    @Override
    public String range() {
        return "none, or pic:N (0 to 15), ioapic:N (0 to 23), msi:ADDRESS:DATA";
    }

    @Override
    public List<RouteTarget> parse(String text) {
        return text.equals(NONE) ? List.of() : Arrays.stream(text.split(",", -1)).map(RouteTarget::parse).toList();
    }

    @Override
    public String format(List<RouteTarget> routes) {
        return routes.isEmpty() ? NONE
                : routes.stream().map(RouteTarget::toString).sorted().collect(Collectors.joining(","));
    }
}
