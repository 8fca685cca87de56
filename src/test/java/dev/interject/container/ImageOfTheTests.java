package dev.interject.container;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Provides tests with the {@link Image}: built for the first test that needs it, removed after the last. */
final class ImageOfTheTests implements ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(ImageOfTheTests.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Image.class;
    }

    @Override
    public Image resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot().getStore(NAMESPACE).getOrComputeIfAbsent(Image.class, _ -> Image.make(), Image.class);
    }
}
