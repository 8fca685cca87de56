/** Programs that use Interject as a library. */
module examples {
    requires dev.interject;
}
